import { hookwright } from "../../../../catalog/hookwright/contract.ts";
import { incidents } from "./contract.ts";
import { ledger } from "./ledger.ts";

export const catalog = [incidents, ledger, hookwright] as const;
