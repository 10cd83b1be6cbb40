// As in application-id.js; what stands in a path is escaped already.
if (input.body == null) return `/jobs/${input.job_id}`;
const said = decodeURIComponent(input.headers?.['x-jazzhr-export-context'] ?? '').split(/[^\w-]+/);
const openings = [].concat(input.body.candidate?.profiles ?? []).flatMap(p => [].concat(p?.associatedPositionOpenings ?? [])).filter(o => o?.positionOpeningId?.value != null);
const moved = o => o.candidateStatus?.transitionDateTime ?? '';
const opening = openings.find(o => said.includes(String(o.positionOpeningId.value))) ?? openings.sort((a, b) => moved(b) > moved(a) ? 1 : -1)[0];
return `/jobs/${opening.positionOpeningId.value}`;
