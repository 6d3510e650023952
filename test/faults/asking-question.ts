import { catalog } from "../../runtime/generated/catalog.ts";

export const question = {
  tenant: "proj_1",
  trigger: "pre_register",
  actorId: "operator",
  data: catalog.authio.declaration.examples["pre_register"]?.["a password"],
};
