import { describePostgres } from "../../postgres/describe-postgres.ts";
import { describeStore } from "../../store.suite.ts";
import { openPostgresHarness, postgresDatabase } from "./temporary-postgres.ts";

describePostgres("a PostgreSQL database", () => {
  const database = postgresDatabase();
  describeStore("PostgreSQL", openPostgresHarness(database));
});
