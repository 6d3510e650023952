/**
 * A function of a model that is worked out once for each. Emitters are pure and models never change, so it cannot be
 * told from the function itself; `generate --watch` gives the same contract again when an edit left it as it was.
 */
export function once<Model extends object, Value>(of: (model: Model) => Value): (model: Model) => Value {
  const known = new WeakMap<Model, { readonly value: Value }>();
  return (model) => {
    const found = known.get(model) ?? { value: of(model) };
    known.set(model, found);
    return found.value;
  };
}
