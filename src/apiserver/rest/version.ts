/** GET /version: the build the server claims to be. */
export interface VersionInfo {
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly platform: string;
}

/** Indented, whoever asks, as the root's paths are. */
export const versionText = (info: VersionInfo): string => JSON.stringify(versionBody(info), null, 2);

const versionBody = (info: VersionInfo): object => {
  const [major = '1', minor = '33'] = info.gitVersion.replace(/^v/, '').split('.');
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: info.gitVersion,
    gitCommit: info.gitCommit,
    gitTreeState: 'clean',
    buildDate: info.buildDate,
    goVersion: info.goVersion,
    compiler: 'gc',
    platform: info.platform,
  };
};
