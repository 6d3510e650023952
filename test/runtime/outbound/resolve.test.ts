import { expect, test } from "vitest";
import { createResolve } from "../../../runtime/outbound/resolve.ts";
import { openNameServer, typeA, typeAaaa } from "./name-server.ts";

const ipv6Bytes = [0x26, 6, 0x47, 0, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11];

test("all addresses are given, IPv4 first", async () => {
  const { server, asked } = await openNameServer(() => ({
    [typeA]: [
      [1, 1, 1, 1],
      [10, 0, 0, 1],
    ],
    [typeAaaa]: [ipv6Bytes],
  }));
  expect(await createResolve([server])("hooks.example.com.")).toEqual(["1.1.1.1", "10.0.0.1", "2606:4700:4700::1111"]);
  expect(asked).toEqual(["hooks.example.com", "hooks.example.com"]);
});

test("a name may have addresses of one family alone", async () => {
  const { server } = await openNameServer(() => ({ [typeAaaa]: [ipv6Bytes] }));
  expect(await createResolve([server])("hooks.example.com.")).toEqual(["2606:4700:4700::1111"]);
});

test("no search list is applied, and a name without addresses is an error", async () => {
  const { server, asked } = await openNameServer(() => ({}));
  await expect(createResolve([server])("kubernetes.")).rejects.toMatchObject({ code: "ENODATA" });
  expect(new Set(asked)).toEqual(new Set(["kubernetes"]));
});
