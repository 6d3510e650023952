import type { KeyRing } from "../secrets/key-ring.ts";
import { sealingContext } from "../secrets/signing-secret.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { Stream } from "../seams/stream-store.ts";
import { createNotices } from "./notices.ts";
import { createStreaming, type Streaming, type StreamingParts } from "./streaming.ts";

/** Streaming with the secrets that the key ring opens, and with notices. */
export function createAppStreaming({
  keyRing,
  signingKeys,
  ...parts
}: Omit<StreamingParts, "credentials" | "postNotices"> & {
  readonly keyRing: KeyRing;
  readonly signingKeys: Pick<SigningKeys, "open">;
}): Streaming {
  const open = (sealed: string | null, stream: Stream, place: "authorization" | "notice_url") =>
    sealed === null ? null : keyRing.open(sealed, sealingContext(stream, place));
  return createStreaming({
    ...parts,
    credentials: {
      authorizationOf: (stream) => open(stream.sealedAuthorization, stream, "authorization"),
      signingKeysOf: (stream) => signingKeys.open(stream),
    },
    postNotices: createNotices({
      ...parts,
      noticeUrlOf: (stream) => open(stream.sealedNoticeUrl, stream, "notice_url"),
    }),
  });
}
