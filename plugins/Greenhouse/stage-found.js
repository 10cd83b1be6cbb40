// The name is what people see.
const wanted = input.stage_id.trim().toLowerCase();
const stage = response.body.find(s => (s.name ?? '').trim().toLowerCase() === wanted);
return { id: stage?.id ?? null, known: response.body.map(s => s.name) };
