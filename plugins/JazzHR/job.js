const j = [].concat(response.body ?? [])[0];
return j == null ? null : { id: j.id, title: j.title, internal_code: j.internal_code };
