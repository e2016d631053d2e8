// Bundles src into dist: every file carries the hash of its content in its name, and manifest.json says which
// file stands for "app.js" and "app.css". dist is never committed; the Go binary embeds it.
import { build } from "esbuild";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

const dist = "dist";
await mkdir(dist, { recursive: true });
for (const name of await readdir(dist)) {
  if (name !== ".keep") await rm(join(dist, name), { recursive: true });
}

const result = await build({
  entryPoints: { app: "src/app.ts", style: "src/style/main.css" },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  minify: true,
  legalComments: "linked",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  publicPath: "/assets",
  loader: { ".wasm": "file" },
  metafile: true,
});

const manifest = {};
for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint === "src/app.ts") manifest["app.js"] = basename(file);
  if (entryPoint === "src/style/main.css") manifest["app.css"] = basename(file);
}
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
  console.log(`${String(bytes).padStart(9)}  ${file}`);
}
