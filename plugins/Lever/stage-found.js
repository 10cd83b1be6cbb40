// By id, or by the name that people see.
const wanted = input.stage_id.trim().toLowerCase();
const stages = response.body.data ?? response.body;
const stage = stages.find(s => s.id === input.stage_id) ?? stages.find(s => (s.text ?? '').trim().toLowerCase() === wanted);
return { stage_id: stage?.id ?? null, known: stages.map(s => s.text) };
