'use strict';
// Loads the bundle's chunks with V8's code cache: compiling them anew would cost more than most commands take.
// A cache of another Node version is refused by V8, and the chunk is compiled as usual.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const url = `file://${__dirname.replaceAll('\\', '/')}/main.cjs`;
const loaded = new Map();

function load(id) {
  if (!id.startsWith('./')) return require(id);
  const known = loaded.get(id);
  if (known !== undefined) return known.module.exports;
  const filename = join(__dirname, id);
  let cachedData;
  try {
    cachedData = readFileSync(`${filename}.cache`);
  } catch {
    // none yet
  }
  const source = `(function(exports,require,module,__url){${readFileSync(filename, 'latin1')}\n})`;
  const script = new vm.Script(source, { filename, cachedData });
  const chunk = { script, module: { exports: {} } };
  loaded.set(id, chunk);
  script.runInThisContext()(chunk.module.exports, load, chunk.module, url);
  return chunk.module.exports;
}

/** For the build: keeps what has been compiled in this run. */
function writeCaches() {
  for (const [id, { script }] of loaded) {
    const file = join(__dirname, `${id}.cache`);
    writeFileSync(`${file}.new`, script.createCachedData());
    renameSync(`${file}.new`, file);
  }
}

exports.main = async (host) => {
  const code = await load('./main.cjs').main(host);
  if (host.env.PODSIM_WRITE_CODE_CACHE === '1') writeCaches();
  return code;
};
