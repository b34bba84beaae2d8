// Builds dist/: the bundle in chunks (loaded when first imported) with V8's code cache, the terminal UI as a
// bundle of its own, and the schema generated from the Kubernetes OpenAPI models.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { generate } from './schema.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await generate(join(root, 'node_modules/@kubernetes/client-node'), dist);

const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', minify: true, legalComments: 'none', logLevel: 'warning' };
// Chunks, so that a command reads only what it runs. esbuild splits ES modules only; each chunk is then made a CommonJS module,
// which (unlike an ES module) can be loaded with V8's code cache.
const bundle = await build({
  ...common,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
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
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    alias: { 'react-devtools-core': './.build/empty.mjs' },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });

// The code caches are made by runs of the commonest commands, so that they hold the functions those need.
const home = mkdtempSync(join(tmpdir(), 'podsim-build-'));
const podsim = (...args) =>
  spawnSync(process.execPath, [join(root, 'bin/podsim.js'), ...args], {
    env: { ...process.env, PODSIM_HOME: home, PODSIM_WRITE_CODE_CACHE: '1' },
    stdio: 'ignore',
  });
podsim('cluster', 'create', '--clock', 'paused');
podsim('apply', '-f', join(root, 'fixtures/manifests/simple-pod.yaml'));
podsim('get', 'pods', '-A');
rmSync(home, { recursive: true, force: true });
