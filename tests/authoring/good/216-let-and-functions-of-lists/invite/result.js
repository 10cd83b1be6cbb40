const known = ['completed', 'no_show'].concat(['expired']).map(s => s.trim());
let status = 'pending';
known.forEach(s => { if (s === steps.details.output.status) { status = s === 'expired' ? 'no_show' : s; } });
const total = known.reduce((sum, s) => { return sum + s.length; }, 0);
const same = s => s;
const name = (known) => known ?? 'x';
return { application_id: same(name(event.application.id)), status: total > 0 ? (status === 'completed' ? 'completed' : 'no_show') : 'pending' };
