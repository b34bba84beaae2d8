'use strict';
// Loads the bundle's chunks. What the commonest reads, other reads and writes run lies packed in one file each with V8's code cache:
// compiling them anew, or opening fifty files, would cost more than most commands take. A cache of another Node version is
// refused by V8, and the pack is compiled as usual.
const { fstatSync, readFileSync, renameSync, writeFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const url = `file://${__dirname.replaceAll('\\', '/')}/main.cjs`;
const packs = new Map();
const loaded = new Map();

/** The pack's chunks as functions by id, and (in the first) which chunks the others hold. */
function pack(name) {
  const known = packs.get(name);
  if (known !== undefined) return known.chunks;
  const filename = join(__dirname, `${name}.pack.cjs`);
  let source;
  try {
    source = readFileSync(filename, 'latin1');
  } catch {
    // while building
    packs.set(name, { chunks: {} });
    return {};
  }
  let cachedData;
  try {
    cachedData = readFileSync(`${filename}.cache`);
  } catch {
    // none yet
  }
  const script = new vm.Script(source, { filename, cachedData });
  const chunks = script.runInThisContext();
  packs.set(name, { script, chunks });
  return chunks;
}

function find(id) {
  const reading = pack('read');
  if (reading[id] !== undefined) return reading[id];
  const elsewhere = reading.elsewhere?.[id];
  if (elsewhere !== undefined) return pack(elsewhere)[id];
  return vm.runInThisContext(`(function(exports,require,module,__url){${readFileSync(join(__dirname, id), 'latin1')}\n})`, { filename: join(__dirname, id) });
}

/** Node's own modules are loaded when something of them is used: a get uses neither crypto nor child processes. */
const lazy = (id) => new Proxy({}, { get: (_, key) => require(id)[key], has: (_, key) => key in require(id) });

function load(id) {
  const known = loaded.get(id);
  if (known !== undefined) return known.exports;
  if (!id.startsWith('./')) {
    const module = { exports: /^node:(crypto|child_process|fs\/promises|http|https|net|os|tls|zlib)$/.test(id) ? lazy(id) : require(id) };
    loaded.set(id, module);
    return module.exports;
  }
  const module = { exports: {} };
  loaded.set(id, module);
  find(id)(module.exports, load, module, url);
  return module.exports;
}

exports.main = (host) => load('./main.cjs').main(host);

/**
 * Standard output or error, written as a C program would: Node's own streams take two milliseconds to load. A terminal gets
 * one all the same, and so does a pipe that is full and will not wait.
 */
function output(fd, open) {
  let direct;
  const isDirect = () => {
    direct ??= !fstatSync(fd).isCharacterDevice();
    return direct;
  };
  let opened;
  const stream = () => {
    opened ??= open().on('error', cannotWrite);
    return opened;
  };
  return {
    get isTTY() {
      return isDirect() ? undefined : stream().isTTY;
    },
    get columns() {
      return isDirect() ? undefined : stream().columns;
    },
    write(data) {
      if (!isDirect()) return stream().write(data);
      let rest = typeof data === 'string' ? Buffer.from(data) : data;
      while (rest.length > 0) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          if (error.code !== 'EAGAIN') cannotWrite(error);
          direct = false;
          return stream().write(rest);
        }
      }
      return true;
    },
  };
}

/** Whoever reads has enough (`podsim get pods | head -1`): end as a program does that SIGPIPE ends, without a word. */
function cannotWrite({ code, message }) {
  if (code === 'EPIPE') process.exit(141);
  process.stderr.write(`error: cannot write to standard output: ${message}\n`);
  process.exit(1);
}

/** Runs the command line of this process. */
exports.run = async () => {
  const { argv, env } = process;
  process.exitCode = await exports.main({
    argv,
    env,
    get stdin() {
      return process.stdin;
    },
    stdout: output(1, () => process.stdout),
    stderr: output(2, () => process.stderr),
    cwd: () => process.cwd(),
    on: (signal, listener) => process.on(signal, listener),
  });
};

/** For the build: which chunks this process has run, in order. */
exports.ran = () => [...loaded.keys()].filter((id) => id.startsWith('./'));

/** For the build: keeps what has been compiled in this process. */
exports.writeCache = (name) => {
  const file = join(__dirname, `${name}.pack.cjs.cache`);
  writeFileSync(`${file}.new`, packs.get(name).script.createCachedData());
  renameSync(`${file}.new`, file);
};
