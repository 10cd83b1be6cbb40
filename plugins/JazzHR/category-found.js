const same = c => (c.name ?? '').trim().toLowerCase() === input.tag.trim().toLowerCase();
const category = [].concat(response.body ?? []).find(same);
return category ? { category_id: String(category.id) } : null;
