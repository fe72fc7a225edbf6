"""neural-tangents 0.6.5, its last release, made to import and run on a JAX of 2026 (seen with 0.11.2).

It was written for JAX 0.4 and asks for names that JAX has since moved or removed. import_neural_tangents() puts these
back, each only where it is missing, and imports it. Nothing of its algorithms changes. What is put back:

1. jax.core: Jaxpr, JaxprEqn, Literal, Primitive, Var, Value, AbstractValue, DShapedArray, which are now in
   jax.extend.core or jax._src.core. One that is gone for good becomes an empty class, which nothing is an instance of.
2. jax.interpreters.ad: zeros_like_p and source_info_util from where they are now; reducing_transposes, an empty table
   of rules; config, of which one flag is read.
3. jax.util: a module with safe_map and safe_zip.
4. neural_tangents.experimental: an empty module, since it would import TensorFlow.
5. Three functions of neural_tangents._src.empirical that call what JAX has changed are replaced:
   - _get_primals_out_and_pullback (structured derivatives): ad.linearize takes and returns other things now. Residuals
     come as the first arguments of the jaxpr, and are made its constants again, as they were.
   - _eqn_vjp_fn (structured derivatives): the transpose of a primitive, without Primitive.map_primitive, which is gone.
   - _get_flops (the automatic choice of an implementation): cost_analysis() is a dictionary now, not a list of one.

gpu_tiles_nt.py compares every implementation with a kernel in float64 before it times one.
"""

import importlib
import sys
import types


def missing(module, name):
    try:
        getattr(module, name)
        return False
    except AttributeError:  # what JAX says of a name that it has removed
        return True


def put_back(module, name, value):
    if missing(module, name):
        setattr(module, name, value)


def put_back_names():
    import jax.core
    import jax.extend.core
    import jax.interpreters.ad
    from jax._src import ad_util, core, source_info_util, util

    for name in "Jaxpr JaxprEqn Literal Primitive Var Value AbstractValue DShapedArray".split():
        found = getattr(jax.extend.core, name, None) or getattr(core, name, None)
        put_back(jax.core, name, found or type(name, (), {}))
    put_back(jax.interpreters.ad, "zeros_like_p", getattr(ad_util, "zeros_like_p", object()))
    put_back(jax.interpreters.ad, "source_info_util", source_info_util)
    put_back(jax.interpreters.ad, "reducing_transposes", {})
    put_back(jax.interpreters.ad, "config", types.SimpleNamespace(jax_enable_checks=False))
    try:
        importlib.import_module("jax.util")
    except ImportError:
        module = types.ModuleType("jax.util")
        module.safe_map, module.safe_zip = util.safe_map, util.safe_zip
        sys.modules["jax.util"] = module
    sys.modules["neural_tangents.experimental"] = types.ModuleType("neural_tangents.experimental")


def replace_functions(empirical):
    import jax
    from jax._src import flattree
    from jax._src.interpreters import ad

    def primals_out_and_pullback(fn, mode, _j_rules, _s_rules, _fwd, *primals_in):
        leaves, in_tree = jax.tree_util.tree_flatten(primals_in)
        out_tree = None

        def flat(*arguments):
            nonlocal out_tree
            out, out_tree = jax.tree_util.tree_flatten(fn(*jax.tree_util.tree_unflatten(in_tree, arguments)))
            return out

        with jax.disable_jit():
            outs, zeros, linear, residuals, *_ = ad.linearize(flat, flattree.flatten(tuple(leaves)))
        zeros, count = list(zeros), len(residuals)
        jaxpr = types.SimpleNamespace(
            constvars=list(linear.invars[:count]), invars=list(linear.invars[count:]), outvars=linear.outvars,
            eqns=linear.eqns)
        outs = jax.tree_util.tree_unflatten(out_tree, list(outs))

        def pullback(*cotangents):
            kept = tuple(c for c, zero in zip(jax.tree_util.tree_leaves(cotangents), zeros) if not zero)
            result = empirical._backward_pass(
                jaxpr, mode=mode, consts=residuals, cotangents_in=kept,
                primals_in=[empirical.UndefinedPrimal(v.aval) for v in jaxpr.invars],
                _j_rules=_j_rules, _s_rules=_s_rules, _fwd=_fwd)
            return jax.tree_util.tree_unflatten(in_tree, result)

        return outs, pullback

    def eqn_vjp(eqn, cotangents_in, *values):
        if eqn is None:
            return (cotangents_in,)
        return ad.get_primitive_transpose(eqn.primitive)(cotangents_in, *values, **eqn.params)

    def get_flops(f, optimize, *arguments, **options):
        cost = jax.jit(f).lower(*arguments, **options).compile().cost_analysis()
        return (cost[0] if isinstance(cost, (list, tuple)) else cost)["flops"]

    empirical._get_primals_out_and_pullback = primals_out_and_pullback
    empirical._eqn_vjp_fn = eqn_vjp
    empirical._get_flops = get_flops


def import_neural_tangents():
    put_back_names()
    import neural_tangents
    from neural_tangents._src import empirical

    replace_functions(empirical)
    return neural_tangents
