'use strict';
// What a Node that the build was not made with, or one with other options, compiles of the packs: kept beside them after each kind of
// command that is new to it, so that the next one starts as fast as with the build's own Node. Where nothing can be written (installed
// by another user) all is compiled each time.
const { accessSync, constants, mkdirSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');

/** More kinds of commands than this do not make it better. */
const MANY = 40;

/** `read`: a file's bytes, or undefined. */
exports.open = (read) => {
  // One for each version, processor and set of V8's flags; most options are none.
  const dir = join(__dirname, 'compiled', String(cachedDataVersionTag()));
  const fileOf = (name) => join(dir, `${name}.cache`);
  const list = join(dir, 'commands.txt');
  return {
    read: (name) => read(fileOf(name)),

    /** `packs`: name → the script as this process, which ran `verb`, has compiled it. */
    keep(verb, packs) {
      const command = [verb, ...packs.keys()].join(' ');
      const isRefused = [...packs.values()].some(({ cachedDataRejected }) => cachedDataRejected !== false);
      const known = read(list)?.toString().split('\n');
      // Refused by V8: what is there is another's. Not refused and not ours: the build's own will do.
      if (!isRefused && (known === undefined || known.includes(command) || known.length >= MANY)) return;
      try {
        accessSync(__dirname, constants.W_OK);
        mkdirSync(dir, { recursive: true });
        for (const [name, script] of packs) replace(fileOf(name), script.createCachedData());
        replace(list, [...(isRefused || known === undefined ? [] : known), command].join('\n'));
      } catch {
        // Nothing is lost but time.
      }
    },
  };
};

/** Others may write it at the same time, and any of them may be killed. */
function replace(file, data) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, data);
  renameSync(own, file);
}
