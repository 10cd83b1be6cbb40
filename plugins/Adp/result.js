const status = input.status ?? 'completed';
const label = v => settings.labels[v] ?? v;
const result = [
  input.score != null ? `${round(input.score, settings.scoreDecimals)} of 10` : null,
  input.recommendation != null ? label(input.recommendation) : null
].filter(v => v !== null);
return {
  application_id: input.application_id,
  package_id: settings.assessmentPackage,
  status: settings.statuses[status],
  text: [label(status), ...(result.length > 0 ? [result.join(', ')] : [])].join(': '),
  link: input[settings.resultsLink] ?? null,
  score: input.score ?? null,
  recommendation: input.recommendation ?? null
};
