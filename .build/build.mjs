// Builds dist/: the bundle in chunks (loaded when first imported) with V8's code cache, the terminal UI as a
// bundle of its own, and the schema generated from the Kubernetes OpenAPI models.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { generate } from './schema.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Made beside and put in place when it is whole: a build that fails leaves the last one.
const dist = join(root, 'dist.new');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await generate(join(root, 'node_modules/@kubernetes/client-node'), dist);

const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', minify: true, legalComments: 'none', logLevel: 'warning' };
// Chunks, so that a command reads only what it runs. esbuild splits ES modules only; each chunk is then made a CommonJS module,
// which (unlike an ES module) can be loaded with V8's code cache.
const bundle = await build({
  ...common,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist.new',
  format: 'esm',
  splitting: true,
  write: false,
  metafile: true,
  define: { 'import.meta.url': '__url' },
  external: ['./ui/index.js', './ui/app.js'],
});
for (const { path, text } of bundle.outputFiles) {
  const { code } = await transform(text, { format: 'cjs', minify: true, platform: 'node', target: 'node20', supported: { 'dynamic-import': false } });
  writeFileSync(path.replace(/\.js$/, '.cjs'), code.replace(/(require\("\.\/[^"]+)\.js"\)/g, '$1.cjs")'));
}
copyFileSync(join(root, '.build/start.cjs'), join(dist, 'start.cjs'));

const ui = join(root, 'src/podsim/ui/index.tsx');
if (existsSync(ui))
  await build({
    ...common,
    entryPoints: { ui },
    outdir: 'dist.new',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    alias: { 'react-devtools-core': './.build/empty.mjs' },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });

// Packs: what the commonest reads run, what other reads run besides, what writes and the simulation run besides. Their code caches
// hold the functions such runs compile.
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
const runs = {
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
  write: [
    ['apply', '-f', manifest('simple-pod.yaml')],
    ['create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=3', '--port=80'],
    ['clock', 'advance', '1m', '-q'],
    ['expose', 'deployment', 'web'],
    ['clock', 'advance', '1m', '-q'],
    ['delete', 'deployment', 'web', '--wait=false'],
    ['clock', 'advance', '1m', '-q'],
  ],
};
warm('-', [create]);
const ran = Object.fromEntries(['write', 'read', 'more'].map((name) => [name, JSON.parse(warm('-', runs[name]))]));
const packs = { read: ran.read };
packs.more = ran.more.filter((id) => !packs.read.includes(id));
packs.write = ran.write.filter((id) => !packs.read.includes(id) && !packs.more.includes(id));
const chunk = (id) => `${JSON.stringify(id)}:function(exports,require,module,__url){${readFileSync(join(dist, id), 'latin1')}\n}`;
const elsewhere = Object.fromEntries(['more', 'write'].flatMap((name) => packs[name].map((id) => [id, name])));
for (const [name, ids] of Object.entries(packs)) {
  const head = name === 'read' ? [`elsewhere:${JSON.stringify(elsewhere)}`] : [];
  writeFileSync(join(dist, `${name}.pack.cjs`), `({${[...head, ...ids.map(chunk)].join(',\n')}})`, 'latin1');
}
for (const id of Object.values(packs).flat()) rmSync(join(dist, id));
warm('-', [create]);
for (const name of ['write', 'read', 'more']) warm(name, runs[name]);
rmSync(home, { recursive: true, force: true });

const done = join(root, 'dist');
rmSync(done, { recursive: true, force: true });
renameSync(dist, done);
