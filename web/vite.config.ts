import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { type Plugin, defineConfig } from "vite";

/** Checksums of what the page is built from, beside it: `cargo xtask check` tells a stale page by them. */
const sources = (): Plugin => ({
  name: "sources",
  generateBundle() {
    const within = readdirSync("src", { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("\\", "/"));
    // One style for this page and the offline reports, and the same curves.
    const shared = ["chart/chart.css", "chart/chart.js", "style.css"].map((path) => `../crates/plot/src/${path}`);
    const own = [...shared, "index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts"];
    const line = (path: string) => {
      const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
      return `${createHash("sha256").update(text).digest("hex")}  ${path}\n`;
    };
    const source = [...own, ...within].sort().map(line).join("");
    this.emitFile({ type: "asset", fileName: "sources.sha256", source });
  },
});

// Three files of fixed names, which the program embeds: no names that change with their contents,
// no chunks, nothing inline, for the page's policy forbids it.
export default defineConfig({
  base: "./",
  plugins: [sources()],
  build: {
    outDir: "../crates/lab/page",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rollupOptions: {
      output: {
        entryFileNames: "app.js",
        assetFileNames: "app[extname]",
        codeSplitting: false,
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:7878" } },
});
