import type { Id, Url } from "../vocabulary.ts";

/** What the other members of an organization see of a user. */
export interface PublicUserData {
  first_name?: string | null;
  last_name?: string | null;
  image_url?: Url | null;
  has_image: boolean;
  /** The address, number or name that the user signs in with. */
  identifier: string;
  user_id?: Id;
}
