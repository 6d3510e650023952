import { authn } from "./authn/contract.ts";
import { hookwright } from "./hookwright/contract.ts";
import { stech } from "./stech/contract.ts";

/** The catalog: every contract, in the order of the documents. The first is the one an endpoint gets when it names none. */
export const catalog = [stech, authn, hookwright] as const;
