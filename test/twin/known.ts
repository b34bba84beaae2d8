/** The command lines of the table that are known to differ, each with its reason. Five at most. */
export const known: Readonly<Record<string, string>> = {
  'apply -f all.yaml --prune -l app=three': "klog begins its line with the machine's time and the number of the process",
  'get pods --server=http://127.0.0.1:49998': "klog tells of each try with the machine's time and the number of the process; podsim prints the last line alone",
  'run x --image=nginx --dry-run': "klog begins its line with the machine's time and the number of the process",
  'explain pods --output=plaintext-openapiv2': 'this prints from /openapi/v2, which `podsim serve` answers with no more than kubectl needs to start',
};
