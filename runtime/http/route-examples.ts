/** A request, and what a real server answered it. */
export interface RouteExample {
  /** With its query. */
  readonly path: string;
  /** Left out where the route takes none. */
  readonly body?: unknown;
  readonly status: number;
  /** Text where the answer is not JSON, null where there is none. */
  readonly answer: unknown;
}

/** By the routes' operation ids. */
export type RouteExamples = Readonly<Record<string, RouteExample>>;

interface Media {
  readonly content?: Readonly<Record<string, object>>;
}
interface Operation {
  readonly operationId?: string;
  readonly requestBody?: Media;
  readonly responses?: Readonly<Record<string, Media>>;
}

/** An OpenAPI document's paths, with the examples of those routes that have one. */
export function withExamples(paths: object, examples: RouteExamples): object {
  return mapValues(paths, (methods: object) =>
    mapValues(methods, (operation: Operation) => {
      const example = examples[operation.operationId ?? ""];
      return example === undefined ? operation : withExample(operation, example);
    }),
  );
}

function withExample(operation: Operation, { body, status, answer }: RouteExample): Operation {
  const { requestBody, responses = {} } = operation;
  return {
    ...operation,
    ...(requestBody !== undefined && body !== undefined && { requestBody: exemplified(requestBody, body) }),
    responses: mapValues(responses, (response: Media, given) =>
      given === String(status) ? exemplified(response, answer) : response,
    ),
  };
}

function exemplified<Of extends Media>(of: Of, value: unknown): Of {
  if (of.content === undefined) return of;
  return { ...of, content: mapValues(of.content, (media: object) => ({ ...media, examples: { example: { value } } })) };
}

function mapValues<Value>(record: object, map: (value: Value, name: string) => unknown) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value as Value, name)])) as Record<
    string,
    object
  >;
}
