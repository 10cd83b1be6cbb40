const applicant = [].concat(response.body ?? [])[0];
const held = [].concat(applicant?.categories ?? []).some(c => String(c.category_id) === reads.category.id);
return held ? { category_id: reads.category.id } : null;
