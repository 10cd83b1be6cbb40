// A list when a delivery names only contact and application: the opportunity is the one with that application.
const data = response.body.data ?? response.body;
if (!Array.isArray(data)) return data;
return data.find(o => (o.applications ?? []).some(a => (a?.id ?? a) === input.data?.applicationId)) ?? null;
