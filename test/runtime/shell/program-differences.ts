/** Where a program is known to differ from the real one of this machine, and why. Each must differ: what has been mended is to be struck off. */
const NOT_SIMULATED = 'a program that no manifest or exercise uses; "not found"';

const both: Readonly<Record<string, string>> = {
  'tsort < empty': NOT_SIMULATED,
  'printf "a  b\\n" | column -t': NOT_SIMULATED,
  'strings bare': NOT_SIMULATED,
};

export const programDifferences: Readonly<Record<'busybox' | 'gnu', Readonly<Record<string, string>>>> = {
  gnu: {
    ...both,
    'cal 1 2024 2>/dev/null | head -n1': "cal is not in Debian's image",
    'cal 2 2024': 'the same',
    'echo 안녕 | rev | od -An -tx1 | head -n1': "rev is not in Debian's image; without a locale it refuses",
  },
  busybox: {
    ...both,
    'paste fruit colon': 'a fault of busybox: a last line has no end when the last file has ended before it',
    'paste -d, fruit colon': 'the same',
    'seq 3 | paste - - ': 'the same',
    'printf "3K\\n1M\\n2\\n" | sort -h': 'Debian leaves it out; the busybox and alpine images have it',
    'find d -name f -delete; ls d': 'Debian leaves it out; the busybox and alpine images have it',
  },
};
