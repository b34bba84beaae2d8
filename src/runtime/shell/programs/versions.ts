/** What programs that are not simulated say of their version: often all that is asked of them. */
import type { Program, ProgramContext } from '../program.js';

type Text = (version: string, context: ProgramContext) => string;
interface Versions {
  /** Arguments that ask for it; first of the line. */
  readonly asked: RegExp;
  /** Images whose version, or tag, is this program's; and the version in others. */
  readonly images?: readonly string[];
  readonly otherwise: string;
  readonly text: Text;
  readonly isError?: true;
}

const JAVA = ['openjdk', 'eclipse-temurin'];
const FLAGS = /^(-v|-V|--version)$/;
const java: Text = (version) => `OpenJDK Runtime Environment (build ${version})\nOpenJDK 64-Bit Server VM (build ${version}, mixed mode, sharing)\n`;
const numberOf = (version: string): string => version.split('+')[0] as string;

const TABLE: Readonly<Record<string, readonly Versions[]>> = {
  npm: [{ asked: /^(-v|--version)$/, otherwise: '', text: (_, context) => `${npmOf(context)}\n` }],
  npx: [{ asked: /^(-v|--version)$/, otherwise: '', text: (_, context) => `${npmOf(context)}\n` }],
  yarn: [{ asked: /^(-v|--version)$/, otherwise: '', text: () => '1.22.22\n' }],
  pip: [
    {
      asked: FLAGS,
      images: ['python'],
      otherwise: '3.11.2',
      text: (version) => `pip 25.1.1 from /usr/local/lib/python${minor(version)}/site-packages/pip (python ${minor(version)})\n`,
    },
  ],
  java: [
    {
      asked: /^-version$/,
      images: JAVA,
      otherwise: '17.0.15+6',
      isError: true,
      text: (version, context) => `openjdk version "${numberOf(version)}"\n${java(version, context)}`,
    },
    { asked: /^--version$/, images: JAVA, otherwise: '17.0.15+6', text: (version, context) => `openjdk ${numberOf(version)}\n${java(version, context)}` },
  ],
  javac: [{ asked: /^--?version$/, images: JAVA, otherwise: '17.0.15+6', text: (version) => `javac ${numberOf(version)}\n` }],
  go: [{ asked: /^version$/, images: ['golang'], otherwise: '1.24.4', text: (version) => `go version go${version} linux/amd64\n` }],
  ruby: [{ asked: FLAGS, images: ['ruby'], otherwise: '3.4.4', text: (version) => `ruby ${version} [x86_64-linux]\n` }],
  php: [
    {
      asked: FLAGS,
      images: ['php'],
      otherwise: '8.4.8',
      text: (version) =>
        `PHP ${version} (cli) (NTS)\nCopyright (c) The PHP Group\nZend Engine v4.${version.split('.').slice(1).join('.')}, Copyright (c) Zend Technologies\n`,
    },
  ],
  git: [{ asked: /^(--version|version|-v)$/, otherwise: '', text: () => 'git version 2.39.5\n' }],
  make: [{ asked: /^(--version|-v)$/, otherwise: '', text: () => 'GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu\n' }],
  gcc: [{ asked: /^--version$/, otherwise: '', text: () => 'gcc (Debian 12.2.0-14) 12.2.0\n' }],
  memcached: [{ asked: /^(-V|--version)$/, images: ['memcached'], otherwise: '1.6.38', text: (version) => `memcached ${version}\n` }],
};

const minor = (version: string): string => version.split('.').slice(0, 2).join('.');

/** Which npm node's releases bring. */
function npmOf({ host }: ProgramContext): string {
  const major = Number((host.image === 'node' ? (host.version ?? '24') : '20').split('.')[0]);
  return major >= 24 ? '11.3.0' : major >= 22 ? '10.9.2' : major >= 18 ? '10.8.2' : major >= 16 ? '8.19.4' : '6.14.18';
}

export const versionPrograms: readonly Program[] = Object.entries(TABLE).map(
  ([name, all]): Program => ({
    name,
    ...(name === 'pip' ? { aliases: ['pip3'] } : {}),
    run(context) {
      const found = context.args.length === 1 ? all.find(({ asked }) => asked.test(context.args[0] as string)) : undefined;
      if (found === undefined) {
        context.err(`podsim: ${context.name} is not simulated; it does nothing\n`);
        return 0;
      }
      const { image, tag, version = /^\d+(\.\d+)*/.exec(tag)?.[0] } = context.host;
      const own = found.images?.includes(image.split('/').at(-1) as string) === true ? version : undefined;
      const text = found.text(own ?? found.otherwise, context);
      if (found.isError === true) context.err(text);
      else context.out(text);
      return 0;
    },
  }),
);
