import type { Contract } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";

/** Throws `invalid_event_data` for data whose own member names another tenant than the one they are emitted for. */
export function checkTenantMember(
  { tenant: rule }: Pick<Contract, "tenant">,
  event: { readonly type: string; readonly tenant: string; readonly data: unknown },
): void {
  const { member } = rule;
  const { type, tenant, data } = event;
  if (member === undefined || typeof data !== "object" || data === null || !Object.hasOwn(data, member)) return;
  const named: unknown = Reflect.get(data, member);
  if (named === tenant) return;
  const path = `data.${member}`;
  const message = `${type}: ${path}: expected ${JSON.stringify(tenant)}, the ${rule.noun} that the event is of, got another.`;
  throw new HookwrightError("invalid_event_data", message, { path });
}
