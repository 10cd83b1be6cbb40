// Whether the filter compares whole names is not confirmed.
const same = c => (c.name ?? '').trim().toLowerCase() === input.tag.trim().toLowerCase();
const category = [].concat(response.body ?? []).find(same);
return category ? { id: String(category.id) } : null;
