/** Who asks for a change: the id of an API key or of a portal token, or `operator`. Left out: it is not known. */
export interface By {
  readonly actorId?: string | undefined;
}

/** Who changes what nobody asked for, as facts say it. */
export const systemActor = "system";

/** The member of a fact that says who asked for the change. */
export function actorOf({ actorId }: By): { readonly actorId?: string } {
  return actorId === undefined ? {} : { actorId };
}
