/**
 * A path to a part of a value as errors name it, here and in the receivers: `data.runs[0].name`, and
 * `headers["x y"]` where a key is no plain name.
 */
export function stepInto(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (path === "") return key;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** The path that a JSON pointer (RFC 6901) stands for, in a value: a number is an index only where there is an array. */
export function pathOfPointer(root: string, pointer: string, value: unknown): string {
  const keys = pointer.split("/").slice(1);
  let path = root;
  let inside = value;
  for (const escaped of keys) {
    const key = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    path = stepInto(path, Array.isArray(inside) ? Number(key) : key);
    inside = typeof inside === "object" && inside !== null ? Reflect.get(inside, key) : undefined;
  }
  return path;
}
