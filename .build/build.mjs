// Builds dist/: the bundle in chunks (loaded when first imported) with V8's code cache, the terminal UI as a
// bundle of its own, and the schema generated from the Kubernetes OpenAPI models.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licenses } from './licenses.mjs';
import { link } from './link.mjs';
import { generate } from './schema.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Made beside and put in place when it is whole: a build that fails leaves the last one.
const dist = join(root, 'dist.new');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await generate(join(root, 'node_modules/@kubernetes/client-node'), join(root, 'node_modules/kubernetes-types'), dist);

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};
// Chunks, so that a command reads only what it runs. link.mjs makes scripts of them, which (unlike ES modules) V8 keeps compiled.
const bundle = await build({
  ...common,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist.new',
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.cjs' },
  write: false,
  define: { 'import.meta.url': '__url' },
  external: ['./ui/index.js', './ui/app.js'],
});
const texts = new Map(bundle.outputFiles.map(({ path, text }) => [basename(path), text]));
const chunks = new Map(
  Object.entries(bundle.metafile.outputs).map(([path, { exports }]) => [`./${basename(path)}`, { text: texts.get(basename(path)), exports }]),
);
/** Chunks of no pack are scripts of their own. */
const write = async (packs) => {
  const packed = new Set(Object.values(packs).flat());
  const alone = [...chunks.keys()].filter((path) => !packed.has(path)).map((path) => [path, [path]]);
  const named = Object.entries(packs).map(([name, paths]) => [`${name}.pack.cjs`, paths]);
  const elsewhere = Object.fromEntries(Object.entries(packs).flatMap(([name, paths]) => (name === 'read' ? [] : paths.map((path) => [path, name]))));
  for (const [name, text] of await link(chunks, Object.fromEntries([...named, ...alone])))
    writeFileSync(join(dist, name), name === 'read.pack.cjs' ? `({run:${text},elsewhere:${JSON.stringify(elsewhere)}})` : `({run:${text}})`, 'latin1');
};
await write({});
const engine = `${process.versions.v8} ${process.arch}`;
writeFileSync(join(dist, 'start.cjs'), readFileSync(join(root, '.build/start.cjs'), 'utf8').replace('__ENGINE__', engine));
copyFileSync(join(root, '.build/compiled.cjs'), join(dist, 'compiled.cjs'));

const ui = await build({
  ...common,
  entryPoints: { ui: 'src/podsim/ui/index.tsx' },
  outdir: 'dist.new',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  // It draws for a terminal wherever that is; ink would show nothing where CI is set.
  alias: { 'react-devtools-core': './.build/empty.mjs', 'is-in-ci': './.build/false.mjs' },
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});
const inputs = [bundle, ui].flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync(join(dist, 'third-party-licenses.txt'), licenses(root, inputs));

// Packs: what the commonest reads run, what other reads run besides, what changes run besides, and what the simulation of new things.
// Their code caches hold the functions such runs compile.
const home = mkdtempSync(join(tmpdir(), 'podsim-build-'));
const warm = (pack, commands) => {
  const run = spawnSync(process.execPath, [join(root, '.build/warm.cjs'), dist, pack, JSON.stringify(commands)], {
    env: { PATH: process.env.PATH, PODSIM_HOME: home },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`warming up ${pack} failed`);
  return run.stdout;
};
const manifest = (name) => join(root, 'fixtures/manifests', name);
const create = ['cluster', 'create', '--force', '--clock', 'paused'];
// In this order, so that there is something to read and to change.
const runs = {
  write: [
    ['apply', '-f', manifest('simple-pod.yaml')],
    ['create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=3', '--port=80'],
    ['clock', 'advance', '1m', '-q'],
    ['expose', 'deployment', 'web'],
    ['clock', 'advance', '1m', '-q'],
    ['delete', 'deployment', 'web', '--wait=false'],
    ['clock', 'advance', '1m', '-q'],
  ],
  read: [
    ['get', 'pods', '-A'],
    ['get', 'pods'],
  ],
  more: [
    ['version'],
    ['get', 'pods', '-o', 'yaml'],
    ['get', 'pods', '-o', 'json', '--sort-by=.metadata.name'],
    ['get', 'pods', '-o', 'custom-columns=NAME:.metadata.name'],
    ['describe', 'pods'],
    ['describe', 'nodes'],
    ['events'],
    ['config', 'get-contexts'],
  ],
  change: [
    ['apply', '-f', manifest('simple-pod.yaml')],
    ['label', 'pod', 'simple-pod', 'a=b', '--overwrite'],
  ],
};
warm('-', [create]);
const ran = Object.fromEntries(Object.keys(runs).map((name) => [name, JSON.parse(warm('-', runs[name]))]));
// A chunk lies where it is needed first.
const packs = {};
for (const name of ['read', 'more', 'change', 'write']) {
  const packed = new Set(Object.values(packs).flat());
  packs[name] = ran[name].filter((path) => !packed.has(path));
}
for (const path of Object.values(packs).flat()) rmSync(join(dist, path));
await write(packs);
warm('-', [create]);
for (const name of Object.keys(runs)) warm(name, runs[name]);
rmSync(home, { recursive: true, force: true });

const done = join(root, 'dist');
rmSync(done, { recursive: true, force: true });
renameSync(dist, done);
