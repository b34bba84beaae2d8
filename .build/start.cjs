'use strict';
// Loads the bundle's chunks. What the commonest reads, other reads and writes run lies packed in one file each with V8's code cache:
// compiling them anew, or opening fifty files, would cost more than most commands take. V8 refuses the cache of another version;
// a Node that the build was not made with keeps its own (compiled.cjs).
const { existsSync, fstatSync, readFileSync, renameSync, statSync, writeFileSync, writeSync } = require('node:fs');
const { devNull } = require('node:os');
const { join } = require('node:path');
const vm = require('node:vm');

const url = `file://${__dirname.replaceAll('\\', '/')}/main.cjs`;
const packs = new Map();
/** What the chunks export, by id. */
const loaded = new Map();
/** Which chunks the other packs hold; undefined while building. */
let elsewhere;
/** Options may be flags of V8, and V8 also refuses what was compiled with other flags. */
const engine = [process.versions.v8, process.arch, ...process.execArgv, process.env.NODE_OPTIONS].filter(Boolean).join(' ');
/** Where this Node's own caches are; undefined: they came with the build, for the engine that build.mjs names here. */
const compiled = engine === '__ENGINE__' ? undefined : require('./compiled.cjs').open(read);

/** Runs a script that link.mjs made: it defines what its chunks export. */
function run(filename, options) {
  const script = new vm.Script(readFileSync(filename, 'latin1'), { filename, ...options });
  const { run: define, elsewhere: others } = script.runInThisContext();
  elsewhere ??= others;
  const note = (table) => {
    for (const [id, chunk] of Object.entries(table)) loaded.set(id, chunk);
  };
  // The terminal UI is a bundle of its own, and an ES module: what it draws with can be nothing else.
  define(note, load, async (id) => (id === './ui/index.js' ? import('./ui.mjs') : load(id)), nodes, url);
  return script;
}

function runPack(name) {
  const filename = join(__dirname, `${name}.pack.cjs`);
  packs.set(name, run(filename, { cachedData: compiled?.read(name) ?? read(`${filename}.cache`) }));
}

/** Undefined: there is none, as while building. */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Node's own modules are loaded when something of them is used: a get uses neither crypto nor child processes. */
const lazy = (id) => new Proxy({}, { get: (_, key) => require(id)[key], has: (_, key) => key in require(id) });
const nodes = (id) => (/^node:(crypto|child_process|fs\/promises|http|https|net|os|tls|zlib)$/.test(id) ? lazy(id) : require(id));

/** What the chunk exports. */
function load(id) {
  if (!packs.has('read') && existsSync(join(__dirname, 'read.pack.cjs'))) runPack('read');
  if (!loaded.has(id)) {
    if (elsewhere?.[id] !== undefined) runPack(elsewhere[id]);
    else run(join(__dirname, id));
  }
  return loaded.get(id);
}

exports.main = (host) => load('./main.cjs').main(host);

/**
 * Standard output or error, written as a C program would: Node's own streams take two milliseconds to load. A terminal gets
 * one all the same, and so does a pipe that is full and will not wait.
 */
function output(fd, open) {
  let direct;
  const isDirect = () => {
    direct ??= isFileOrPipe(fd);
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
    get rows() {
      return isDirect() ? undefined : stream().rows;
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

/** So is what nobody reads. */
function isFileOrPipe(fd) {
  const stat = fstatSync(fd);
  return !stat.isCharacterDevice() || stat.rdev === statSync(devNull, { throwIfNoEntry: false })?.rdev;
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
    cwd: () => {
      try {
        return process.cwd();
      } catch {
        // The directory is gone: commands that name no file need none.
        return '/';
      }
    },
    on: (signal, listener) => process.on(signal, listener),
    off: (signal, listener) => process.off(signal, listener),
    exit: (code) => process.exit(code),
  });
  compiled?.keep(argv[2], packs);
};

/** For the build: which chunks this process has run, in order. */
exports.ran = () => [...loaded.keys()];

/** For the build: keeps what has been compiled in this process. */
exports.writeCache = (name) => {
  const file = join(__dirname, `${name}.pack.cjs.cache`);
  writeFileSync(`${file}.new`, packs.get(name).createCachedData());
  renameSync(`${file}.new`, file);
};
