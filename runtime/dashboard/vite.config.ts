import { join } from "node:path";
import { defineConfig } from "vite";

/** One page and hashed files, the same bytes from the same sources. `built/` is committed; a test builds it again. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/ui/",
  build: {
    outDir: join(import.meta.dirname, "built"),
    emptyOutDir: true,
    target: "es2023",
    // Small files would become data: URLs, which script-src does not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
