"""How far estimates of the variance of retrieval measures come from the truth, in numpy: the study behind
alike/measure/gallery_effects.h.

    reference_intervals.py SETS

Of each measure: its mean; the mean estimate by the variance of the sets (Q of the values alone, J of the influences, then less
the squares of single effects, then less the products of mutual ones); how often Wilson's interval holds the mean.
"half" is what alike does; bench/intervals.cpp asks alike itself.
"""
import sys

import numpy as np


def deltas(rel, R, K=(1,5,10)):
    """(value, effect of each place) of each measure, of one query with relevance `rel` by place."""
    n=len(rel); pos=np.arange(1,n+1); cum=np.cumsum(rel)
    out={}
    for k in K:
        h=cum[k-1]; nxt=rel[k] if k<n else 0
        d=np.zeros(n)
        v=float(h>0)
        top=np.arange(n)<k
        after=h-rel+nxt
        d[top]=v-(after[top]>0)
        out[f"recall@{k}"]=(v,d)
        d=np.zeros(n); d[top]=(h-after[top])/k
        out[f"precision@{k}"]=(h/k,d)
    t=pos
    A=np.concatenate([[0],np.cumsum(rel*cum/t)])
    B=np.concatenate([[0],np.cumsum(np.where(t>1,rel*cum/np.maximum(t-1,1),0))])
    C=np.concatenate([[0],np.cumsum(np.where(t>1,rel*(cum-1)/np.maximum(t-1,1),0))])
    for name,W in (("map@r",R),("map",n-1)):
        v=A[min(W,n)]/R
        d=np.zeros(n)
        s=pos
        inside=s<=W
        new=np.where(inside,(A[s-1]+B[min(W+1,n)]-B[np.minimum(s,n)])/R, v)
        irr=v-new
        if R>1:
            newr=np.where(inside,(A[s-1]+C[min(W,n)]-C[s])/(R-1), A[min(W-1,n)]/(R-1) if name=="map@r" else 0)
            relv=v-newr
        else: relv=np.full(n,np.nan)
        if name=="map":
            irr=v-(A[s-1]+B[n]-B[s])/R
        d=np.where(rel>0,relv,irr)
        out[name]=(v,d)
    return out


def make(rng,centers,n,iid,noise,c):
    y=rng.integers(0,c,n) if iid else np.arange(n)%c
    return centers[y]+noise*rng.standard_normal((n,centers.shape[1])),y


def retrieval(x,y):
    n=len(y); u=x/np.linalg.norm(x,axis=1,keepdims=True); S=u@u.T; np.fill_diagonal(S,-9)
    order=np.argsort(-S,axis=1)[:,:-1]
    res={}
    for q in range(n):
        rel=(y[order[q]]==y[q]).astype(float); R=int(rel.sum())
        if R==0: continue
        for k,(v,d) in deltas(rel,R).items():
            e=res.setdefault(k,[np.full(n,np.nan),np.zeros((n,n))])
            e[0][q]=v; e[1][q,order[q]]=d
    return res
def parts(v,D,y):
    n=len(y)
    ok=~np.isnan(v); N=ok.sum(); T=v[ok].mean()
    c=np.where(ok,v-T,0)
    same=(y[:,None]==y[None,:]); np.fill_diagonal(same,False)
    R=same.sum(1)
    lone=same&(R==1)[:,None]
    D=np.where(lone|np.isnan(D),0,D)
    I=c+D.sum(0)
    # two-row classes
    for q in np.where(R==1)[0]:
        p=np.where(same[q])[0][0]
        I[q]=(c[q]+c[p])/np.sqrt(2)+ (D.sum(0)[q])
    I=I-I.mean()
    E=D.copy()
    rm=np.where(R>0,(D*same).sum(1)/np.maximum(R,1),0)
    E=np.where(same,D-rm[:,None],D)
    P=(E**2).sum()/N**2; M=(E*E.T).sum()/N**2; J=(I**2).sum()/N**2; Q=(c**2).sum()/N**2
    return T,Q,J,P,M,N,(v[ok]**2).mean()
def wilson(T,V,Q,N,v2,z=1.96):
    deff=V/Q if Q>0 else 1
    p=(T*N+.5)/(N+1); s2=(v2*N+.5)/(N+1)-p*p
    ne=p*(1-p)/s2*N/deff*(N-1)/N if N>1 else 1
    den=1+z*z/ne; mid=(T+z*z/2/ne)/den; h=z/den*np.sqrt(T*(1-T)/ne+z*z/4/ne/ne)
    return mid-h,mid+h
if __name__=="__main__":
    draws=int(sys.argv[1])
    for (c,n,d,noise,iid) in [(10,200,16,1.5,True),(10,200,16,1.5,False),(50,200,16,1.,True),(40,120,32,1.,False),(40,120,32,1.3,True),(60,120,16,.7,False),(4,60,8,1.2,False),(10,150,64,2.,False)]:
        rng=np.random.default_rng(1); centers=rng.standard_normal((c,d))
        acc={}
        for t in range(draws):
            x,y=make(rng,centers,n,iid,noise,c)
            for k,(v,D) in retrieval(x,y).items(): acc.setdefault(k,[]).append(parts(v,D,y))
        print(c,n,d,noise,"iid" if iid else "fixed",flush=True)
        for k,a in acc.items():
            a=np.array(a); T=a[:,0]; var=T.var(ddof=1); tr=T.mean()
            Q,J,P,M=a[:,1],a[:,2],a[:,3],a[:,4]
            def cov(V):
                ok=0
                for i in range(len(T)):
                    lo,hi=wilson(T[i],V[i],Q[i],a[i,5],a[i,6]); ok+=lo<=tr<=hi
                return ok/len(T)
            print(f"  {k:13s} T={tr:.3f} Q {Q.mean()/var:.2f} J {J.mean()/var:.2f} J-P {(J-P).mean()/var:.2f} J-P-M {(J-P-M).mean()/var:.2f} cover Q {cov(Q):.3f} J-P {cov(np.maximum(J-P,Q)):.3f} half {cov(np.maximum(J-P-M/2,Q)):.3f} max {cov(np.maximum(J-P-M,Q)):.3f}",flush=True)
