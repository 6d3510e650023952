/** A statement with the values of its placeholders. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Turns `$1` into `?`: a value that is used twice is given twice. No statement of the store has either in a literal. */
export function withQuestionMarks({ sql, parameters }: Statement): Statement {
  const used: unknown[] = [];
  const text = sql.replaceAll(/\$(\d+)/g, (_, number: string) => {
    used.push(parameters[Number(number) - 1]);
    return "?";
  });
  return used.length === 0 ? { sql, parameters } : { sql: text, parameters: used };
}

/** Turns `?` into `$1`, `$2` and so on. */
export function withNumbers({ sql, parameters }: Statement): Statement {
  let number = 0;
  return { sql: sql.replaceAll("?", () => `$${++number}`), parameters };
}

/** Whether a statement answers with rows. SQLite's drivers refuse to read rows of one that has none. */
export function answersRows(sql: string): boolean {
  return /^\s*(select|with)\b|\breturning\b/i.test(sql);
}
