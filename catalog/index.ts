import { auth0 } from "./auth0/contract.ts";
import { auth0LogStream } from "./auth0/log-stream-contract.ts";
import { authio } from "./authio/contract.ts";
import { authn } from "./authn/contract.ts";
import { authnSvix } from "./authn/svix-contract.ts";
import { authsignal } from "./authsignal/contract.ts";
import { hookwright } from "./hookwright/contract.ts";
import { stech } from "./stech/contract.ts";

/** The catalog: every contract, in the order of the documents. The first is the one an endpoint gets when it names none. */
export const catalog = [stech, authn, authnSvix, authsignal, auth0, auth0LogStream, authio, hookwright] as const;
