/** Spans and sizes as docker's go-units writes them, and ids cut short. */

/** units.HumanDuration of docker's go-units. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}

/** units.HumanSizeWithPrecision(size, 3). */
export function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let i = 0;
  for (; size >= 1000 && i < units.length - 1; i++) size /= 1000;
  return `${Number(size.toPrecision(3))}${units[i]}`;
}

export const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 13);
export const word = (state: string): string => state.charAt(0).toUpperCase() + state.slice(1);
