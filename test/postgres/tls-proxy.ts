import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";

/** The certificate of 127.0.0.1 and its key, which signs itself; both as paths of PEM files. */
export function makeCertificate(folder: string): { readonly certificate: string; readonly key: string } {
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
    ],
    { stdio: "ignore" },
  );
  return { certificate, key };
}

/** SSLRequest: its length, and 1234 and 5679 (PostgreSQL 15, §55.7). */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** A way to a database that speaks TLS alone, as many hosted ones do; closed with the test. Gives the URL. */
export async function openTlsProxy(to: string, of: ReturnType<typeof makeCertificate>): Promise<string> {
  const target = new URL(to);
  const [cert, key] = [readFileSync(of.certificate), readFileSync(of.key)];
  const server = createServer((near) => {
    near.on("error", () => near.destroy());
    near.once("data", (first: Buffer) => {
      if (!first.equals(sslRequest)) return near.destroy();
      near.write("S");
      const secure = new TLSSocket(near, { isServer: true, cert, key });
      const far = connect(Number(target.port), target.hostname);
      secure.pipe(far).pipe(secure);
      for (const [each, other] of [
        [secure, far],
        [far, secure],
      ] as const) {
        each.on("error", () => other.destroy());
        each.on("close", () => other.destroy());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = new URL(to);
  url.port = String((server.address() as AddressInfo).port);
  return url.href;
}
