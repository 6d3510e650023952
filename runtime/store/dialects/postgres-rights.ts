import { sql, type Kysely } from "kysely";
import { HookwrightError } from "../../errors.ts";
import { readOnlyError } from "../writable.ts";

interface Rights {
  readonly role: string;
  readonly schema: string | null;
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly canCreate: boolean | null;
  readonly owner: string | null;
}

const rights = sql<Rights>`select
  current_user::text as role,
  current_schema()::text as schema,
  current_setting('search_path') as path,
  current_setting('transaction_read_only') = 'on' as ${sql.ref("isReadOnly")},
  has_schema_privilege(current_schema(), 'CREATE') as ${sql.ref("canCreate")},
  (select pg_get_userbyid(relowner)::text from pg_class
    where oid = to_regclass('hookwright_migrations') and not pg_has_role(relowner, 'USAGE')) as owner`;

/** Throws `invalid_configuration` unless this role can make tables here, and change those that are there. */
export async function checkRights<DB>(db: Kysely<DB>): Promise<void> {
  const { rows } = await rights.execute(db);
  for (const { role, schema, path, isReadOnly, canCreate, owner } of rows) {
    if (isReadOnly)
      throw refusal("The database is read-only, and its tables are not up to date. Migrate it where it takes writes", {
        cause: readOnlyError(),
      });
    if (schema === null)
      throw refusal(
        `The role ${role} sees none of the schemas in its search_path (${path}). Create one, or grant usage on it to ${role}`,
      );
    if (canCreate !== true)
      throw refusal(
        `The tables are not up to date, and permission is denied for schema ${schema}: the role ${role} lacks CREATE. ` +
          `Run "hookwright migrate" as a role that has it, or grant create on schema ${schema} to ${role}`,
      );
    if (owner !== null)
      throw refusal(
        `The tables are not up to date, and belong to the role ${owner}, whose rights ${role} lacks. ` +
          `Run "hookwright migrate" as ${owner}, or grant ${owner} to ${role}`,
      );
  }
}

function refusal(message: string, options: { readonly cause?: unknown } = {}): HookwrightError {
  return new HookwrightError("invalid_configuration", `${message}.`, options);
}
