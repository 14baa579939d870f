// Builds assets/ into build/static/ and prints what each file weighs over the wire.
import { cp, mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = `${root}build/static`;

// Target in bytes after gzip; tests/frontend/test_weight.py holds the build to it.
const budgets = { "lasrutin.css": 16 * 1024, "lasrutin.js": 28 * 1024, "signature.js": 6 * 1024, "scan.js": 2 * 1024 };

// A file is replaced whole, so that a running server never meets a missing or half one.
async function put(name, content) {
  await writeFile(`${output}/.${name}.${process.pid}`, content);
  await rename(`${output}/.${name}.${process.pid}`, `${output}/${name}`);
}

async function style(name) {
  const { css } = await sass.compileAsync(`${root}assets/scss/${name}.scss`, {
    style: "compressed",
    loadPaths: [`${root}node_modules`],
    quietDeps: true,
    logger: sass.Logger.silent,
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: ["chrome111", "firefox115", "safari16"] });
  await put(`${name}.css`, code);
}

async function scripts() {
  const { outputFiles } = await esbuild.build({
    entryPoints: ["lasrutin", "signature", "scan"].map((name) => `${root}assets/js/${name}.js`),
    outdir: output,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome111", "firefox115", "safari16"],
    legalComments: "none",
    write: false,
    logLevel: "warning",
  });
  await Promise.all(outputFiles.map(({ path, contents }) => put(basename(path), contents)));
}

async function report() {
  let over = false;
  for (const name of (await readdir(output)).sort()) {
    if (name.startsWith(".")) continue;
    const content = await readFile(`${output}/${name}`);
    const weight = gzipSync(content, { level: 9 }).length;
    const budget = budgets[name];
    const verdict = budget ? ` of ${(budget / 1024).toFixed(0)} kB` : "";
    over ||= budget !== undefined && weight > budget;
    console.log(`${name.padEnd(16)}${(content.length / 1024).toFixed(1).padStart(7)} kB ${(weight / 1024).toFixed(1).padStart(7)} kB gz${verdict}`);
  }
  if (over) {
    console.error("Over budget.");
    process.exitCode = 1;
  }
}

await mkdir(output, { recursive: true });
await Promise.all([style("lasrutin"), style("admin"), scripts(), cp(`${root}assets/icons`, output, { recursive: true })]);
await report();
