import { describe, expect, test } from "vitest";
import {
  checkEndpointUrl,
  type EndpointUrlRules,
  forbiddenPorts,
  internalSuffixes,
} from "../../../runtime/outbound/endpoint-url.ts";

const rules: EndpointUrlRules = { schemes: ["https"], lengthMax: 2048, allowTargets: [] };
const open = { ...rules, schemes: ["https", "http"] };
const check = (text: string, given = rules) => {
  const result = checkEndpointUrl(text, given);
  return "url" in result ? result.url.href : result.problem;
};

test("what is accepted is stored in the parser's form", () => {
  expect(check("HTTPS://Hooks.Example.com:443/a b?x=ü")).toBe("https://hooks.example.com/a%20b?x=%C3%BC");
  expect(check("https://bücher.example.com/")).toBe("https://xn--bcher-kva.example.com/");
  expect(check("https://93.184.216.34:8443/hook")).toBe("https://93.184.216.34:8443/hook");
  expect(check("https://[2606:4700:4700::1111]/hook")).toBe("https://[2606:4700:4700::1111]/hook");
});

describe("form", () => {
  test.each([
    "http://example.com/",
    "ftp://example.com/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "ws://a.example",
  ])("R-STECH-11: only the contract's schemes are accepted: %s", (text) => {
    expect(check(text)).toContain("expected a URL that starts with https://, got ");
  });

  test("a contract may allow http", () => {
    expect(check("http://example.com/", open)).toBe("http://example.com/");
  });

  test("R-STECH-12: at most 2048 characters, as typed and as stored", () => {
    const start = "https://example.com/";
    expect(check(start + "a".repeat(2048 - start.length))).toMatch(/^https:/);
    expect(check(start + "a".repeat(2049 - start.length))).toBe("expected a URL of at most 2048 characters, got 2049");
    expect(check(`${start}${"ü".repeat(1000)}`)).toBe("expected a URL of at most 2048 characters, got 6020");
  });

  test.each(["", "example.com", "/hook", "https://", "https://exa mple.com/", "https://[::1%25lo]/", "https://a.1/"])(
    "what is no absolute URL is refused: %j",
    (text) => {
      expect(check(text)).toBe("expected an absolute URL, got text that is none");
    },
  );

  test.each(["https://user@example.com/", "https://:s3cret@example.com/", "https://1.1.1.1 @127.0.0.1/"])(
    "user name and password are refused, and not repeated: %s",
    (text) => {
      expect(check(text)).toBe("expected no user name or password in the URL, got some");
    },
  );

  test.each(["https://example.com/#part", "https://example.com/#"])("a fragment is refused: %s", (text) => {
    expect(check(text)).toBe("expected no fragment, got one after #");
  });
});

describe("R-STECH-13: host", () => {
  test.each([
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "017700000001",
    "127.0.0.1",
    "127.0.0.1.",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
  ])("every spelling of 127.0.0.1 is read as it: %s", (host) => {
    expect(check(`https://${host}/`)).toBe("expected a public address, got 127.0.0.1 (loopback)");
  });

  test.each(["0", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fd00:ec2::254]"])(
    "an internal address is refused: %s",
    (host) => {
      expect(check(`https://${host}/`)).toContain("expected a public address, got ");
    },
  );

  test("a backslash is a slash: the host is what stands before it", () => {
    expect(check("https://example.com\\@127.0.0.1/")).toBe("https://example.com/@127.0.0.1/");
  });

  test.each(["kubernetes", "metadata", "instance-data", "rancher-metadata", "localhost", "LOCALHOST", "%6cocalhost"])(
    "a name without a domain is refused: %s",
    (host) => {
      expect(check(`https://${host}/`)).toContain("expected a host name with a domain, got ");
    },
  );

  test.each(internalSuffixes.filter((suffix) => suffix.includes(".")))("the name %s is refused", (name) => {
    expect(check(`https://${name}/`)).toContain("expected a public host name, got ");
  });

  test.each([
    "a.localhost",
    "printer.local",
    "a.localdomain",
    "metadata.google.internal",
    "a.b.intranet",
    "a.private",
    "nas.lan",
    "nas.home",
    "nas.home.arpa",
    "mail.corp",
    "api.default.svc",
    "api.default.svc.cluster.local",
    "metadata.tencentyun.com",
  ])("a name inside a network is refused: %s", (host) => {
    expect(check(`https://${host}/`)).toContain("expected a public host name, got ");
  });

  test.each(["internal.example.com", "notlocal.example.com", "mylan.example", "xlocal.dev"])(
    "only whole labels at the end count: %s",
    (host) => {
      expect(check(`https://${host}/`)).toBe(`https://${host}/`);
    },
  );

  test.each([
    "localhost.",
    "example.com.",
    "kubernetes.default.svc.",
    "example.com..",
    "a..example.com",
    ".example.com",
  ])("empty labels and a dot at the end are refused: %s", (host) => {
    expect(check(`https://${host}/`)).toContain("expected a host name without empty labels or a dot at its end");
  });
});

describe("port", () => {
  test.each([443, 80, 1024, 8443, 65535])("%i is accepted", (port) => {
    expect(check(`https://example.com:${port}/`)).toMatch(/^https:/);
  });

  test.each([0, 1, 22, 25, 81, 442, 1023])("%i is refused", (port) => {
    expect(check(`https://example.com:${port}/`)).toBe(`expected port 443, 80 or one from 1024 on, got ${port}`);
    expect(check(`https://1.1.1.1:${port}/`)).toContain("expected port");
  });

  test.each([...forbiddenPorts])("%i (%s) is refused", (port, service) => {
    expect(check(`https://example.com:${port}/`)).toBe(`expected a port for HTTP, got ${port} (${service})`);
  });
});

describe("allowed targets", () => {
  const local = { ...rules, allowTargets: [{ cidr: "127.0.0.0/8", portMin: 900, portMax: 9100 }] };

  test.each(["https://127.0.0.1:9000/", "https://127.9.9.9:900/", "https://2130706433:9000/"])(
    "an address and port on the list are accepted: %s",
    (text) => {
      expect(check(text, local)).toMatch(/^https:\/\/127\./);
    },
  );

  test.each(["https://127.0.0.1/", "https://127.0.0.1:9101/", "https://10.0.0.1:9000/", "https://[::1]:9000/"])(
    "another port or address is not: %s",
    (text) => {
      expect(check(text, local)).toContain("expected a public address");
    },
  );

  test("a name on the list is accepted at its port, however it is written", () => {
    const named = { ...rules, allowTargets: [{ host: "hooks.internal", portMin: 80, portMax: 8080 }] };
    expect(check("https://Hooks.internal:8080/", named)).toBe("https://hooks.internal:8080/");
    expect(check("https://hooks.internal:8081/", named)).toContain("expected a public host name");
    expect(check("https://a.hooks.internal:8080/", named)).toContain("expected a public host name");
    expect(check("http://hooks.internal:8080/", named)).toContain("expected a URL that starts with https://");
  });

  test("a block admits no name, and no scheme", () => {
    expect(check("https://localhost:9000/", local)).toContain("expected a host name with a domain");
    expect(check("https://a.localhost:9000/", local)).toContain("expected a public host name");
    expect(check("http://127.0.0.1:9000/", local)).toContain("expected a URL that starts with https://");
  });
});
