import { hookwright } from "../../../../catalog/hookwright/contract.ts";
import { harbor } from "./contract.ts";

export const catalog = [harbor, hookwright] as const;
