import { SerializerSelector, type SerializerFactory } from "@fastify/fast-json-stringify-compiler";

const buildSerializers = SerializerSelector();

/**
 * Answers are written by their schemas, so that nothing leaves that no schema names. A schema is compiled when it is
 * first needed: all of them at the start would hold up a server for 0.7 s.
 */
export const buildLazySerializers: SerializerFactory = (schemas, options) => {
  const compile = buildSerializers(schemas, options);
  return (route) => {
    let write: ReturnType<typeof compile> | undefined;
    return (answer) => (write ??= compile(route))(answer);
  };
};
