import { afterAll, beforeAll, describe } from "vitest";
import { describeApps } from "./apps.ts";
import { describeNodes } from "./nodes.ts";
import { pack, type Packed } from "./packed.ts";
import { describePackages } from "./packages.ts";
import { describeTemplates } from "./templates.ts";
import { describeShop } from "./shop.ts";

/** Packed and installed once, outside of the repository, for all that a newcomer might do with it. */
let packed: Packed;
beforeAll(() => {
  packed = pack();
}, 300_000);
afterAll(() => packed.remove());

describe("packages", () => describePackages(() => packed));
describe("Node", () => describeNodes(() => packed));
describe("an app that is there", () => describeApps(() => packed));
describe("a template", () => describeTemplates(() => packed));
describe("a shop", () => describeShop(() => packed));
