/* The escaping kernel in C: the same functions and the same base class as in _native.py, which is the reference.

   Escaping looks at a string twice: once to count how much longer it gets, once to copy. Both passes skip runs of
   harmless characters 16 bytes at a time where the machine can (SSE2), one at a time elsewhere. A string with nothing to
   escape comes back as the same object.

   Nothing here is global: what the functions need lives in the module's state, so that every interpreter has its own
   (PEP 489, PEP 684), and no function relies on the GIL (PEP 703). */

#include <Python.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef struct {
    PyObject *html_name;     /* "__html__" */
    PyObject *markup_type;   /* Markup, told by _bind(); what escape() makes */
    PyObject *template_type; /* the type of t-strings, where there are any */
    PyObject *render;        /* turns one of these into safe text */
} State;

static struct PyModuleDef module_definition;

static State *
state_of(PyObject *module)
{
    return (State *)PyModule_GetState(module);
}

/* ---------------------------------------------------------------------------------------------- characters */

/* By how much a character grows when it is escaped; 0 for a harmless one. */
static const uint8_t growth[64] = {
    ['&'] = 4, ['<'] = 3, ['>'] = 3, ['"'] = 4, ['\''] = 4,
};

static const char *
reference_of(Py_UCS4 character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&#34;";
    default: return "&#39;";
    }
}

#define GROWTH(character) ((character) < 64 ? growth[(character)] : 0)

#if defined(__SSE2__)
/* A bit for each of 16 bytes that must be escaped. */
static inline unsigned
mask_1(const Py_UCS1 *text)
{
    __m128i block = _mm_loadu_si128((const __m128i *)text);
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('&')), _mm_cmpeq_epi8(block, _mm_set1_epi8('<')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, _mm_set1_epi8('>')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, _mm_set1_epi8('"')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, _mm_set1_epi8('\'')));
    return (unsigned)_mm_movemask_epi8(hit);
}

/* The same for 8 characters of two bytes: two bits for each. */
static inline unsigned
mask_2(const Py_UCS2 *text)
{
    __m128i block = _mm_loadu_si128((const __m128i *)text);
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi16(block, _mm_set1_epi16('&')), _mm_cmpeq_epi16(block, _mm_set1_epi16('<')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi16(block, _mm_set1_epi16('>')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi16(block, _mm_set1_epi16('"')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi16(block, _mm_set1_epi16('\'')));
    return (unsigned)_mm_movemask_epi8(hit);
}
#endif

/* The functions below exist once for each width of characters. BLOCK characters are looked at together; without SSE2 it is
   never used. */

#if defined(__SSE2__)
#define SKIP_CLEAN(TEXT, AT, LENGTH, BLOCK, MASK) \
    while ((LENGTH) - (AT) >= (BLOCK) && MASK((TEXT) + (AT)) == 0) \
        (AT) += (BLOCK);
#else
#define SKIP_CLEAN(TEXT, AT, LENGTH, BLOCK, MASK)
#endif
#define SKIP_NOTHING(TEXT, AT, LENGTH, BLOCK, MASK)

#define DEFINE_WIDTH(TYPE, COUNT, COPY, BLOCK, MASK, SKIP) \
    static Py_ssize_t COUNT(const TYPE *text, Py_ssize_t length) \
    { \
        Py_ssize_t at = 0, extra = 0; \
        while (at < length) { \
            SKIP(text, at, length, BLOCK, MASK) \
            Py_ssize_t end = length - at > (BLOCK) ? at + (BLOCK) : length; \
            for (; at < end; at++) \
                extra += GROWTH(text[at]); \
        } \
        return extra; \
    } \
    static void COPY(const TYPE *text, Py_ssize_t length, TYPE *out) \
    { \
        Py_ssize_t at = 0; \
        while (at < length) { \
            Py_ssize_t start = at; \
            SKIP(text, at, length, BLOCK, MASK) \
            while (at < length && GROWTH(text[at]) == 0) \
                at++; \
            memcpy(out, text + start, (size_t)(at - start) * sizeof(TYPE)); \
            out += at - start; \
            if (at < length) { \
                const char *reference = reference_of(text[at++]); \
                while (*reference) \
                    *out++ = (TYPE)*reference++; \
            } \
        } \
    }

DEFINE_WIDTH(Py_UCS1, count_1_wide, copy_1_wide, 16, mask_1, SKIP_CLEAN)
DEFINE_WIDTH(Py_UCS2, count_2, copy_2, 8, mask_2, SKIP_CLEAN)
DEFINE_WIDTH(Py_UCS4, count_4, copy_4, 4, mask_4, SKIP_NOTHING)

#if defined(__SSE2__)
/* Which of 16 bytes grow by three, and which by four. */
static inline void
classify(__m128i block, __m128i *grow_3, __m128i *grow_4)
{
    *grow_3 = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('<')), _mm_cmpeq_epi8(block, _mm_set1_epi8('>')));
    *grow_4 = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('&')), _mm_cmpeq_epi8(block, _mm_set1_epi8('"')));
    *grow_4 = _mm_or_si128(*grow_4, _mm_cmpeq_epi8(block, _mm_set1_epi8('\'')));
}

/* A bit for each of 16 bytes that must be escaped; in `four`, for those that grow by four. */
static inline unsigned
masks_1(const Py_UCS1 *text, unsigned *four)
{
    __m128i grow_3, grow_4;
    classify(_mm_loadu_si128((const __m128i *)text), &grow_3, &grow_4);
    *four = (unsigned)_mm_movemask_epi8(grow_4);
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(grow_3, grow_4));
}

/* The references of one byte each, padded so that a fixed number of bytes can be copied. */
static const char padded[64][8] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&#34;", ['\''] = "&#39;",
};

/* One-byte text, most text: walk the bits of a block, and always copy 16 bytes, of which as many count as are harmless.
   Near the end of either string there is no room for that, and the plain loop takes over. */
static void
copy_1(const Py_UCS1 *text, Py_ssize_t length, Py_UCS1 *out, const Py_UCS1 *out_end)
{
    enum { MOST = 16 * 5 + 16 + 8 }; /* a block of 16 references, and what is copied beyond it */
    Py_ssize_t at = 0;
    while (length - at >= 32 && out_end - out >= MOST) {
        unsigned four, mask = masks_1(text + at, &four), done = 0;
        while (mask) {
            unsigned bit = (unsigned)__builtin_ctz(mask);
            memcpy(out, text + at + done, 16);
            out += bit - done;
            memcpy(out, padded[text[at + bit]], 8);
            /* The length comes from the mask, not from the character: the next step needn't wait for a load. */
            out += 4 + ((four >> bit) & 1);
            done = bit + 1;
            mask &= mask - 1;
        }
        memcpy(out, text + at + done, 16);
        out += 16 - done;
        at += 16;
    }
    copy_1_wide(text + at, length - at, out);
}

/* How much longer one-byte text gets: 3 for < and >, 4 for the others. The growth of 16 characters is one vector, and its
   sum is added without looking at it. */
static Py_ssize_t
count_1(const Py_UCS1 *text, Py_ssize_t length)
{
    Py_ssize_t at = 0;
    __m128i sums = _mm_setzero_si128();
    for (; length - at >= 16; at += 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(text + at)), grow_3, grow_4;
        classify(block, &grow_3, &grow_4);
        __m128i extra = _mm_or_si128(_mm_and_si128(grow_3, _mm_set1_epi8(3)), _mm_and_si128(grow_4, _mm_set1_epi8(4)));
        sums = _mm_add_epi64(sums, _mm_sad_epu8(extra, _mm_setzero_si128()));
    }
    int64_t halves[2];
    _mm_storeu_si128((__m128i *)halves, sums);
    return (Py_ssize_t)(halves[0] + halves[1]) + count_1_wide(text + at, length - at);
}
#else
#define count_1 count_1_wide
#define copy_1(TEXT, LENGTH, OUT, OUT_END) copy_1_wide(TEXT, LENGTH, OUT)
#endif

/* Escape an exact str; a new reference, to the same object when there is nothing to do. */
static PyObject *
escape_text(PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), extra;
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    switch (kind) {
    case PyUnicode_1BYTE_KIND: extra = count_1(data, length); break;
    case PyUnicode_2BYTE_KIND: extra = count_2(data, length); break;
    default: extra = count_4(data, length); break;
    }
    if (extra == 0)
        return Py_NewRef(text);
    PyObject *result = PyUnicode_New(length + extra, PyUnicode_MAX_CHAR_VALUE(text));
    if (result == NULL)
        return NULL;
    void *out = PyUnicode_DATA(result);
    switch (kind) {
    case PyUnicode_1BYTE_KIND: copy_1(data, length, out, (Py_UCS1 *)out + length + extra); break;
    case PyUnicode_2BYTE_KIND: copy_2(data, length, out); break;
    default: copy_4(data, length, out); break;
    }
    return result;
}

/* Escape a str or an instance of a subclass; an exact str comes out. */
static PyObject *
escape_any_text(PyObject *text)
{
    if (PyUnicode_CheckExact(text))
        return escape_text(text);
    PyObject *plain = PyUnicode_FromObject(text);
    if (plain == NULL)
        return NULL;
    PyObject *result = escape_text(plain);
    Py_DECREF(plain);
    return result;
}

/* ------------------------------------------------------------------------------------------------- objects */

/* Call __html__ of an object: 1 and a new reference, 0 if it has none, -1 on an exception. */
static int
html_of(State *state, PyObject *object, PyObject **html)
{
    PyObject *method;
#if PY_VERSION_HEX >= 0x030d0000
    int found = PyObject_GetOptionalAttr(object, state->html_name, &method);
#else
    int found = _PyObject_LookupAttr(object, state->html_name, &method);
#endif
    if (found <= 0)
        return found;
    *html = PyObject_CallNoArgs(method);
    Py_DECREF(method);
    return *html == NULL ? -1 : 1;
}

/* The same, and a t-string is rendered: its literal parts are safe, what is inserted is escaped (PEP 750). */
static int
html_or_template(State *state, PyObject *object, PyObject **html)
{
    if (state->template_type == NULL || (PyObject *)Py_TYPE(object) != state->template_type)
        return html_of(state, object, html);
    *html = PyObject_CallOneArg(state->render, object);
    return *html == NULL ? -1 : 1;
}

static PyObject *
digits_of(PyObject *number)
{
    int overflow;
    long value = PyLong_AsLongAndOverflow(number, &overflow);
    if (overflow || value < 0)
        return PyObject_Str(number);
    char buffer[24], *at = buffer + sizeof buffer;
    do {
        *--at = (char)('0' + value % 10);
    } while (value /= 10);
    Py_ssize_t length = buffer + sizeof buffer - at;
    PyObject *text = PyUnicode_New(length, 127);
    if (text != NULL)
        memcpy(PyUnicode_DATA(text), at, (size_t)length);
    return text;
}

static PyObject *
plain_of(State *state, PyObject *object)
{
    if (PyUnicode_CheckExact(object))
        return escape_text(object);
    if (PyLong_CheckExact(object))
        return digits_of(object);
    if (Py_TYPE(object) == (PyTypeObject *)state->markup_type)
        return PyUnicode_FromObject(object);
    PyObject *text, *result;
    int found = html_or_template(state, object, &text);
    if (found < 0)
        return NULL;
    if (found) {
        result = PyObject_Str(text);
        if (result != NULL && !PyUnicode_CheckExact(result))
            Py_SETREF(result, PyUnicode_FromObject(result));
    } else {
        text = PyObject_Str(object);
        if (text == NULL)
            return NULL;
        result = escape_any_text(text);
    }
    Py_DECREF(text);
    return result;
}

static PyObject *
escape_inner(PyObject *module, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "escape_inner() argument must be str, not %.200s", Py_TYPE(text)->tp_name);
    return escape_any_text(text);
}

static PyObject *
escape_to_str(PyObject *module, PyObject *object)
{
    return plain_of(state_of(module), object);
}

/* The arguments of % where the format has nothing but %s and %d: text is escaped, numbers stay numbers. None where an
   argument is something else, whose formatting must be its own. */
static PyObject *
escape_arguments(PyObject *module, PyObject *arguments)
{
    if (!PyTuple_CheckExact(arguments))
        return PyErr_Format(PyExc_TypeError, "escape_arguments() argument must be tuple, not %.200s",
                            Py_TYPE(arguments)->tp_name);
    State *state = state_of(module);
    Py_ssize_t count = PyTuple_GET_SIZE(arguments);
    PyObject *result = PyTuple_New(count);
    for (Py_ssize_t i = 0; result != NULL && i < count; i++) {
        PyObject *argument = PyTuple_GET_ITEM(arguments, i), *safe;
        if (PyUnicode_CheckExact(argument) || (PyObject *)Py_TYPE(argument) == state->markup_type)
            safe = plain_of(state, argument);
        else if (PyLong_CheckExact(argument) || PyFloat_CheckExact(argument))
            safe = Py_NewRef(argument);
        else {
            Py_DECREF(result);
            Py_RETURN_NONE;
        }
        if (safe == NULL)
            Py_CLEAR(result);
        else
            PyTuple_SET_ITEM(result, i, safe);
    }
    return result;
}

/* Make a Markup, or an instance of a class derived from it, of an exact str. */
static PyObject *
markup_of(PyObject *type, PyObject *text)
{
    PyObject *arguments = PyTuple_Pack(1, text);
    if (arguments == NULL)
        return NULL;
    PyObject *result = PyUnicode_Type.tp_new((PyTypeObject *)type, arguments, NULL);
    Py_DECREF(arguments);
    return result;
}

static PyObject *
escape(PyObject *module, PyObject *object)
{
    State *state = state_of(module);
    if (state->markup_type == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the escaping kernel isn't bound to Markup: import dray.safe_strings");
        return NULL;
    }
    if (Py_TYPE(object) == (PyTypeObject *)state->markup_type)
        return Py_NewRef(object);
    PyObject *plain = plain_of(state, object);
    if (plain == NULL)
        return NULL;
    PyObject *result = markup_of(state->markup_type, plain);
    Py_DECREF(plain);
    return result;
}

/* _bind(markup_type, template_type=None, render=None) */
static PyObject *
bind(PyObject *module, PyObject *args)
{
    PyObject *type, *template_type = Py_None, *render = Py_None;
    if (!PyArg_ParseTuple(args, "O|OO:_bind", &type, &template_type, &render))
        return NULL;
    if (!PyType_Check(type) || !PyType_IsSubtype((PyTypeObject *)type, &PyUnicode_Type))
        return PyErr_Format(PyExc_TypeError, "_bind() argument must be a subclass of str, not %R", type);
    State *state = state_of(module);
    Py_XSETREF(state->markup_type, Py_NewRef(type));
    Py_XSETREF(state->template_type, template_type == Py_None ? NULL : Py_NewRef(template_type));
    Py_XSETREF(state->render, render == Py_None ? NULL : Py_NewRef(render));
    Py_RETURN_NONE;
}

/* -------------------------------------------------------------------------------------------- MarkupBase */

/* Markup(object="", encoding=None, errors="strict") */
static PyObject *
base_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (kwargs == NULL && PyTuple_GET_SIZE(args) == 1 && PyUnicode_CheckExact(PyTuple_GET_ITEM(args, 0)))
        return PyUnicode_Type.tp_new(type, args, NULL);
    static char *names[] = {"object", "encoding", "errors", NULL};
    PyObject *object = NULL, *encoding = Py_None, *errors = NULL, *html = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OOU:Markup", names, &object, &encoding, &errors))
        return NULL;
    PyObject *module = PyType_GetModuleByDef(type, &module_definition);
    if (module == NULL)
        return NULL;
    if (object != NULL && html_or_template(state_of(module), object, &html) < 0)
        return NULL;
    PyObject *source = html != NULL ? html : object, *arguments;
    if (source == NULL)
        arguments = PyTuple_New(0);
    else if (encoding == Py_None)
        arguments = PyTuple_Pack(1, source);
    else if (errors == NULL)
        arguments = PyTuple_Pack(2, source, encoding);
    else
        arguments = PyTuple_Pack(3, source, encoding, errors);
    Py_XDECREF(html);
    if (arguments == NULL)
        return NULL;
    PyObject *result = PyUnicode_Type.tp_new(type, arguments, NULL);
    Py_DECREF(arguments);
    return result;
}

/* Escape by the class's own escape(), which a subclass may override. */
static PyObject *
escape_for(State *state, PyTypeObject *type, PyObject *object)
{
    if ((PyObject *)type == state->markup_type)
        return plain_of(state, object);
    return PyObject_CallMethod((PyObject *)type, "escape", "O", object);
}

static int
can_be_added(State *state, PyObject *object)
{
    if (PyUnicode_Check(object))
        return 1;
#if PY_VERSION_HEX >= 0x030d0000
    return PyObject_HasAttrWithError(object, state->html_name);
#else
    PyObject *method;
    int found = _PyObject_LookupAttr(object, state->html_name, &method);
    if (found > 0)
        Py_DECREF(method);
    return found;
#endif
}

/* markup + other and other + markup */
static PyObject *
base_add(PyObject *left, PyObject *right)
{
    PyObject *module = PyType_GetModuleByDef(Py_TYPE(left), &module_definition);
    int markup_is_left = module != NULL;
    if (!markup_is_left) {
        PyErr_Clear();
        module = PyType_GetModuleByDef(Py_TYPE(right), &module_definition);
        if (module == NULL)
            return NULL;
    }
    State *state = state_of(module);
    PyObject *markup = markup_is_left ? left : right, *other = markup_is_left ? right : left;
    int possible = can_be_added(state, other);
    if (possible < 0)
        return NULL;
    if (!possible)
        Py_RETURN_NOTIMPLEMENTED;
    PyObject *safe = escape_for(state, Py_TYPE(markup), other);
    if (safe == NULL)
        return NULL;
    PyObject *sum = markup_is_left ? PyUnicode_Concat(markup, safe) : PyUnicode_Concat(safe, markup);
    Py_DECREF(safe);
    if (sum == NULL)
        return NULL;
    PyObject *result = markup_of((PyObject *)Py_TYPE(markup), sum);
    Py_DECREF(sum);
    return result;
}

static PyObject *
base_join(PyObject *self, PyObject *iterable)
{
    PyObject *module = PyType_GetModuleByDef(Py_TYPE(self), &module_definition);
    if (module == NULL)
        return NULL;
    State *state = state_of(module);
    PyObject *parts = PySequence_List(iterable);
    if (parts == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts); i++) {
        PyObject *part = Py_NewRef(PyList_GET_ITEM(parts, i));
        PyObject *safe = escape_for(state, Py_TYPE(self), part);
        Py_DECREF(part);
        if (safe == NULL || PyList_SetItem(parts, i, safe) < 0) {
            Py_DECREF(parts);
            return NULL;
        }
    }
    PyObject *joined = PyUnicode_Join(self, parts);
    Py_DECREF(parts);
    if (joined == NULL)
        return NULL;
    PyObject *result = markup_of((PyObject *)Py_TYPE(self), joined);
    Py_DECREF(joined);
    return result;
}

static PyMethodDef base_methods[] = {
    {"join", base_join, METH_O,
     PyDoc_STR("join($self, iterable, /)\n--\n\nJoin like :meth:`str.join`; each item is escaped.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot base_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("The part of Markup that is worth its own implementation.")},
    {Py_tp_new, base_new},
    {Py_nb_add, base_add},
    {Py_tp_methods, base_methods},
    {0, NULL},
};

static PyType_Spec base_spec = {
    .name = "dray.safe_strings._speedups.MarkupBase",
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = base_slots,
};

/* ------------------------------------------------------------------------------------------------- module */

PyDoc_STRVAR(escape_doc,
"escape($module, s, /)\n--\n\n"
"Make text safe to stand in HTML, as content or as a quoted attribute value.\n\n"
"``&``, ``<``, ``>``, ``'`` and ``\"`` become character references. An object with an ``__html__`` method is taken\n"
"at its word and not escaped, so escaping twice does no harm.\n\n"
":param s: text, or any object: ``str()`` of it is escaped.\n"
":return: Markup.");

static PyMethodDef module_methods[] = {
    {"escape", escape, METH_O, escape_doc},
    {"escape_arguments", escape_arguments, METH_O, NULL},
    {"escape_inner", escape_inner, METH_O, NULL},
    {"escape_to_str", escape_to_str, METH_O, NULL},
    {"_bind", bind, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int
module_exec(PyObject *module)
{
    State *state = state_of(module);
    state->html_name = PyUnicode_InternFromString("__html__");
    if (state->html_name == NULL)
        return -1;
    PyObject *base = PyType_FromModuleAndSpec(module, &base_spec, (PyObject *)&PyUnicode_Type);
    if (base == NULL)
        return -1;
    int failed = PyModule_AddObjectRef(module, "MarkupBase", base);
    Py_DECREF(base);
    return failed;
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = state_of(module);
    Py_VISIT(state->markup_type);
    Py_VISIT(state->template_type);
    Py_VISIT(state->render);
    return 0;
}

static int
module_clear(PyObject *module)
{
    State *state = state_of(module);
    Py_CLEAR(state->html_name);
    Py_CLEAR(state->markup_type);
    Py_CLEAR(state->template_type);
    Py_CLEAR(state->render);
    return 0;
}

static void
module_free(void *module)
{
    module_clear(module);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
#if PY_VERSION_HEX >= 0x030c0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030d0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_speedups",
    .m_doc = PyDoc_STR("The escaping kernel in C; the reference is _native."),
    .m_size = sizeof(State),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC
PyInit__speedups(void)
{
    return PyModuleDef_Init(&module_definition);
}
