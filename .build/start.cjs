'use strict';
// Loads main.cjs with V8's code cache: compiling the bundle anew would cost more than most commands take.
// A cache of another Node version is refused by V8 and the bundle is compiled as usual.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const file = join(__dirname, 'main.cjs');
const cacheFile = join(__dirname, 'main.cache');

let cachedData;
try {
  cachedData = readFileSync(cacheFile);
} catch {
  // none yet
}
const script = new vm.Script(`(function(exports,require,module,__filename,__dirname){${readFileSync(file, 'latin1')}\n})`, {
  filename: file,
  cachedData,
  importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, require, module_, file, __dirname);

exports.main = async (host) => {
  const code = await module_.exports.main(host);
  if (host.env.PODSIM_WRITE_CODE_CACHE === '1') {
    writeFileSync(`${cacheFile}.new`, script.createCachedData());
    renameSync(`${cacheFile}.new`, cacheFile);
  }
  return code;
};
