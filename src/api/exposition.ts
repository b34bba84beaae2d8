/** Metrics as text for Prometheus: families by name, samples by their labels, numbers as Go's shortest form (prometheus common/expfmt). */

export interface Sample {
  /** Written in the order of their names. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds. */
  readonly at?: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

export const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'gauge', samples });
export const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'counter', samples });

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

/** Families without samples are not written. */
export function exposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ labels = {}, value, at }) => ({ at: labelsText(labels), line: `${goShortest(value)}${at === undefined ? '' : ` ${at}`}` }));
      lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.map(({ at, line }) => `${name}${at} ${line}\n`).join('')}`;
    })
    .join('');
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).sort();
  if (names.length === 0) return '';
  return `{${names.map((name) => `${name}="${(labels[name] as string).replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`).join(',')}}`;
}

/** strconv.FormatFloat(value, 'g', -1, 64): with an exponent from a million on (`1.5e+06`), and below a ten-thousandth. */
function goShortest(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
