import type { Examples } from "../../contract.ts";
import type { Permission, PermissionEvents } from "../permission.ts";
import type { Role, RoleEvents } from "../role.ts";

const role: Role = {
  object: "role",
  id: "role_01KR3Q4ZXBMB3BCR8Z14K9C7FX",
  key: "org:accountant",
  name: "Accountant",
  description: "Reads and writes invoices.",
  is_creator_eligible: false,
  is_default: false,
  is_system: false,
  permissions: ["org:invoices:read", "org:invoices:write"],
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const permission: Permission = {
  object: "permission",
  id: "perm_01KR3Q4ZXB8AY2KK5BHHSCG227",
  key: "org:invoices:write",
  name: "Write invoices",
  description: "Creates, changes and sends invoices.",
  is_system: false,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

export const roleExamples = {
  "role.created": {
    "with everything": role,
    "without a description": {
      ...role,
      id: "role_01KR3Q4ZXBTGWZBQ7JD4G5TFHR",
      key: "org:guest",
      name: "Guest",
      description: null,
    },
  },
  "role.updated": { "with everything": role },
  "role.deleted": { "with everything": role },
} satisfies Examples<RoleEvents>;

export const permissionExamples = {
  "permission.created": {
    "with everything": permission,
    "without a description": { ...permission, description: null },
  },
  "permission.updated": { "with everything": permission },
  "permission.deleted": { "with everything": permission },
} satisfies Examples<PermissionEvents>;
