import { defineConfig } from "vite";

// Three files of fixed names, which the program embeds: no names that change with their contents,
// no chunks, nothing inline, for the page's policy forbids it.
export default defineConfig({
  base: "./",
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
