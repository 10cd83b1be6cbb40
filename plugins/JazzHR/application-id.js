// An export may hold several applications: its context names the job; where it does not, the one that moved last is meant.
if (payload.body == null) return payload.applicant_id == null || payload.job_id == null ? null : `${payload.applicant_id}~${payload.job_id}`;
const candidate = payload.body.candidate;
const said = (payload.headers?.['x-jazzhr-export-context'] ?? '').split(/[^\w-]+/);
const openings = [].concat(candidate?.profiles ?? []).flatMap(p => [].concat(p?.associatedPositionOpenings ?? [])).filter(o => o?.positionOpeningId?.value != null);
const moved = o => o.candidateStatus?.transitionDateTime ?? '';
const opening = openings.find(o => said.includes(String(o.positionOpeningId.value))) ?? openings.sort((a, b) => moved(b) > moved(a) ? 1 : -1)[0];
return candidate?.person?.id?.value == null || opening == null ? null : `${candidate.person.id.value}~${opening.positionOpeningId.value}`;
